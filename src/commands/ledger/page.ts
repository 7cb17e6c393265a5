import { code, markdownTable } from '../../config/markdown.ts';
import { VIEWS } from '../../ledger/views.ts';
import { withSections } from '../generated-sections.ts';

/**
 * docs/ledger.md with the tables of the views made anew from the code.
 * @throws Error for a page without the mark for them.
 */
export function withViews(page: string): string {
  return withSections(page, 'docs/ledger.md', { views: viewTables });
}

function viewTables(): string[] {
  return VIEWS.flatMap(({ name, about, columns }, at) => [
    ...(at > 0 ? [''] : []),
    `### ${code(name)}`,
    '',
    about,
    '',
    ...markdownTable(
      ['Column', 'What it holds'],
      columns.map((column) => [code(column.name), column.about]),
    ),
  ]);
}
