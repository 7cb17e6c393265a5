/** The parsed body, undefined where it is no JSON: nothing is parsed before its content type is known. */
export function jsonBody(answer: { readonly contentType: string; readonly body: string }): unknown {
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(answer.contentType)) return undefined;
  try {
    return JSON.parse(answer.body);
  } catch {
    // Cut off, or not what its header says: handled as an unreadable answer by the caller.
    return undefined;
  }
}

/** An entity id, which Magento gives as a number or as text (recording ship-qty-2-of-5-one-line: `"31"`). */
export function readId(value: unknown): number | undefined {
  const id = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

/** Whether a value of JSON is an object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
