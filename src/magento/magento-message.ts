import { isRecord } from './json.ts';

/** Long enough for every sentence of Magento's; a row's message should not carry a page. */
const LONGEST_MESSAGE = 1_000;

/**
 * Magento's sentence with its placeholders filled in, its `errors` after it; undefined where there is none.
 * A fatal error of PHP comes as `messages.error[]` instead (Magento\Framework\Webapi\ErrorProcessor).
 */
export function magentoMessage(body: unknown): string | undefined {
  if (!isRecord(body)) return undefined;
  const sentences = [filled(body), ...list(body.errors).map(filled)];
  if (isRecord(body.messages)) sentences.push(...list(body.messages.error).map(filled));
  const text = sentences.filter((sentence) => sentence !== undefined).join(' ');
  return text === '' ? undefined : text.slice(0, LONGEST_MESSAGE);
}

/** Fills `%1`, `%2` from an array and `%name` from an object; the longest name first, as Magento does. */
function filled(source: unknown): string | undefined {
  const text = template(source);
  const parameters = isRecord(source) ? source.parameters : undefined;
  if (text === undefined || typeof parameters !== 'object' || parameters === null) return text;
  const values = new Map(
    Array.isArray(parameters)
      ? parameters.map((value, index) => [String(index + 1), value])
      : Object.entries(parameters),
  );
  return text.replace(/%(\w+)/g, (whole, word: string) => {
    for (let end = word.length; end > 0; end -= 1) {
      const name = word.slice(0, end);
      if (values.has(name)) return plain(values.get(name)) + word.slice(end);
    }
    return whole;
  });
}

/** Magento's sentence with its placeholders, in the language of the shop. */
export function template(source: unknown): string | undefined {
  const text = isRecord(source) ? source.message : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** The rights that a 401 names (Magento\Webapi\Controller\Rest\RequestValidator), joined by commas. */
export function refusedResources(body: unknown): string | undefined {
  const parameters = isRecord(body) ? body.parameters : undefined;
  const resources = isRecord(parameters) ? parameters.resources : undefined;
  return typeof resources === 'string' ? resources : undefined;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
