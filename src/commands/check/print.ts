import { printable } from '../../runtime/printable.ts';
import { wrapWords } from '../table.ts';
import { dressFor, type Terminal, widthOf } from '../terminal.ts';
import { count, type Finding, type Section } from './finding.ts';

const COLOURS = { ok: 'green', warning: 'yellow', problem: 'red', skipped: 'dim' } as const;
const LONGEST_RESULT = 'problem'.length;
const GAP = '  ';

/**
 * The findings as lines for people, each without a line end: what `run` does, below it a line a finding, and what to
 * do where something is to be done.
 */
export function linesOf(sections: readonly Section[], terminal: Terminal): string[] {
  const subjects = sections.flatMap(({ findings }) => findings.map(({ subject }) => subject.length));
  const subjectWidth = Math.max(0, ...subjects);
  const indent = GAP.length + LONGEST_RESULT + GAP.length + subjectWidth + GAP.length;
  const width = widthOf(terminal) - indent;
  const dress = dressFor(terminal);
  const linesOfFinding = ({ result, subject, message, hint }: Finding) => {
    const [first = '', ...rest] = wrapWords(printable(message), width);
    const advice = hint ? wrapWords(printable(`-> ${hint}`), width) : [];
    const head = dress(COLOURS[result], result.padEnd(LONGEST_RESULT));
    return [
      `${GAP}${head}${GAP}${subject.padEnd(subjectWidth)}${GAP}${first}`,
      ...[...rest, ...advice].map((line) => ' '.repeat(indent) + line),
    ];
  };
  return [
    ...sections.flatMap(({ title, findings }) => [
      dress('bold', printable(title)),
      ...findings.flatMap(linesOfFinding),
      '',
    ]),
    dress(count(sections, 'problem') > 0 ? 'red' : 'green', summary(sections)),
  ];
}

/** The same for programs. */
export function reportOf(sections: readonly Section[]) {
  return { problems: count(sections, 'problem'), warnings: count(sections, 'warning'), sections };
}

function summary(sections: readonly Section[]): string {
  const [problems, warnings] = [count(sections, 'problem'), count(sections, 'warning')];
  if (problems + warnings === 0) return 'All is well.';
  const parts = [
    ...(problems > 0 ? [problems === 1 ? '1 problem' : `${problems} problems`] : []),
    ...(warnings > 0 ? [warnings === 1 ? '1 warning' : `${warnings} warnings`] : []),
  ];
  return `${parts.join(' and ')}.`;
}
