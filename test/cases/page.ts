import { startSandbox } from '../../src/sandbox/sandbox.ts';
import type { CaseFile, Chapter, MerchantCase } from './merchant-case.ts';
import { orderInWords } from './order-in-words.ts';

const INTRODUCTION = `# Kinds of orders

What becomes of a file's rows, for every kind of order and shipment: each sentence with an order, a file, what its report
says, and what stands in the shop after. All of them are tried with each change of Trackdrop, and this page is written from
what was tried: \`npm run generate\`.

An order is told as the state that Magento shows and its items; below it stand its shipments, \`S1\` the oldest, with what
they hold and their numbers. Orders come from store view 1, shipments leave from the source \`default\`, and customers were
not mailed where nothing else is said. Settings are those below \`shipments\` of the inbox, see
[the reference](../config/REFERENCE.md).
`;

/** The page of all cases; an order before its file is told from a shop that it was put into. */
export async function pageOf(chapters: readonly Chapter[]): Promise<string> {
  const parts = [INTRODUCTION];
  for (const { title, cases } of chapters) {
    parts.push(`\n## ${title}\n`);
    for (const one of cases) parts.push(await sectionOf(one));
  }
  return parts.join('');
}

async function sectionOf(one: MerchantCase): Promise<string> {
  const lost = one.loses === undefined ? '' : `\nThe first ${one.loses} is lost on the way.\n`;
  return [
    `\n### ${one.says}\n`,
    block('The order:', await before(one)),
    yaml('Settings:', one.settings),
    yaml('Profile:', one.profile),
    lost,
    ...one.files.flatMap((file, at) => fileOf(file, one.files.length === 1 ? '' : ` ${at + 1}`)),
    block('Then the shop has:', one.after),
  ].join('');
}

function fileOf({ rows, report }: CaseFile, which: string): readonly string[] {
  return [block(`File${which}:`, rows), block('Its report, by line:', report)];
}

async function before({ orders }: MerchantCase): Promise<readonly string[]> {
  await using sandbox = await startSandbox();
  sandbox.addOrders(orders);
  return orders.flatMap(({ incrementId, storeId }) => {
    const order = sandbox.order(incrementId, storeId);
    return order
      ? orderInWords(order, []).map((line, at) => (at === 0 ? `${incrementId}, ${line}` : line))
      : [];
  });
}

function block(title: string, lines: readonly string[]): string {
  return `\n${title}\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\`\n`;
}

function yaml(title: string, text: string | undefined): string {
  return text === undefined ? '' : `\n${title}\n\n\`\`\`yaml\n${text}\n\`\`\`\n`;
}
