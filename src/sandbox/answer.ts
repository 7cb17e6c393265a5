/** What goes back over the wire. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A value that the web API answers with; it becomes JSON or XML by the request's Accept. */
export interface Result {
  readonly status: number;
  readonly value: unknown;
}

/** As Magento writes it. */
export const JSON_TYPE = 'application/json; charset=utf-8';
const HTML_TYPE = 'text/html; charset=UTF-8';

/** An error of the web API: a template and what is to be filled in. */
export function problem(
  status: number,
  message: string,
  parameters?: readonly string[] | Readonly<Record<string, string>>,
): Result {
  return { status, value: parameters ? { message, parameters } : { message } };
}

/** What Magento says of an id that is not there. */
export const NO_SUCH_ENTITY = problem(
  404,
  "The entity that was requested doesn't exist. Verify the entity and try again.",
);

/** What Magento says of a path below /rest that it does not know. */
export const NO_ROUTE = problem(404, 'Request does not match any route.');

/** What Magento says where a field is missing from a body. */
export function fieldRequired(fieldName: string): Result {
  return problem(400, '"%fieldName" is required. Enter and try again.', { fieldName });
}

/** Words as in track-order_id-nonnumeric; the values are filled in already, other than elsewhere. */
export function typeInvalid(value: unknown, type: string): string {
  return `The "${String(value)}" value's type is invalid. The "${type}" type was expected. Verify and try again.`;
}

/** The masked error of the web API, as in orders-invalid-field; the report's name is PHP's uniqid. */
export function internalError(): Result {
  const now = Date.now();
  const id = Math.floor(now / 1000).toString(16) + ((now % 1000) * 1000).toString(16).padStart(5, '0');
  return problem(500, `Internal Error. Details are available in Magento log file. Report ID: webapi-${id}`);
}

/** nginx's own page, byte for byte as recorded (413, 414, 502). */
export function nginxPage(status: number, reason: string): Answer {
  const title = `${status} ${reason}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n`;
  return { status, type: HTML_TYPE, body };
}

/** Magento's error page. The recordings hold its beginning; the rest is enough HTML to be no JSON. */
function errorPage(status: number, title: string, host: string): Answer {
  // Magento escapes the address attribute by attribute.
  const base = `http://${host}/errors/default/`.replaceAll(':', '&#x3A;').replaceAll('/', '&#x2F;');
  const body = `${errorPageStart(title)}${base}" />
    <meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
    <meta name="robots" content="NOINDEX,NOFOLLOW" />
</head>
<body>
    <main class="page-main">
        <h1>${title}</h1>
    </main>
</body>
</html>
`;
  return { status, type: HTML_TYPE, body };
}

function errorPageStart(title: string): string {
  return `<!doctype html>
<html xmlns="http://www.w3.org/1999/xhtml" >
<head>
    <title>${title}</title>
    <base href="`;
}

const PROCESSING_ERROR = 'There has been an error processing your request';

/** The page of `maintenance:enable`. */
export function maintenancePage(host: string): Answer {
  return errorPage(503, 'Error 503: Service Unavailable', host);
}

/** The page breaks off where it would need the database (outage-database-down). */
export function databaseDownPage(): Answer {
  const end = 'An error has happened during application run. See exception log for details.\n';
  return { status: 500, type: 'text/plain;charset=UTF-8', body: errorPageStart(PROCESSING_ERROR) + end };
}

/** For an Accept header that no renderer of Magento serves. */
export function unacceptablePage(host: string): Answer {
  return errorPage(500, PROCESSING_ERROR, host);
}

/** The shop's own 404, for paths outside `/rest`. */
export function storefrontNotFound(host: string): Answer {
  const base = `http\\u003A\\u002F\\u002F${host.replace(':', '\\u003A')}\\u002F`;
  const body = `<!doctype html>\n<html lang="en">\n    <head >\n        <script>\n    var LOCALE = 'en\\u002DUS';\n    var BASE_URL = '${base}';\n        </script>\n        <title>404 Not Found</title>\n    </head>\n    <body></body>\n</html>\n`;
  return { status: 404, type: HTML_TYPE, body };
}

const REASONS: Readonly<Record<number, string>> = {
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

/** What a proxy in front of the shop says. */
export function proxyPage(status: number): Answer {
  return nginxPage(status, REASONS[status] ?? 'Error');
}

/** Turns a result into bytes for this Accept header; null where Magento has no renderer for it. */
export function render(result: Result, accept: string | undefined): Answer | null {
  const renderer = rendererFor(accept);
  if (renderer === 'json')
    return { status: result.status, type: JSON_TYPE, body: JSON.stringify(result.value) };
  if (renderer === 'xml') {
    const body = `<?xml version="1.0"?>\n<response>${xmlContent(result.value, 1)}</response>\n`;
    return { status: result.status, type: 'application/xml; charset=utf-8', body };
  }
  return null;
}

const RENDERERS: Readonly<Record<string, 'json' | 'xml'>> = {
  '*/*': 'json',
  'application/json': 'json',
  'text/xml': 'xml',
  'application/xml': 'xml',
  'application/xhtml+xml': 'xml',
};

/**
 * The first type of the Accept header that Magento can render, best quality first; a missing header is everything.
 * A browser's header gives XML and `text/html` nothing (get-accept-browser, get-accept-text-html).
 */
export function rendererFor(accept: string | undefined): 'json' | 'xml' | null {
  if (accept === undefined || accept === 'application/json') return 'json';
  const types = accept.split(/,\s*/u).map((definition, position) => {
    const [type = '', quality] = definition.split(';');
    return { type: type.trim().toLowerCase(), quality: Number(quality?.split('=')[1] ?? 1), position };
  });
  types.sort((a, b) => b.quality - a.quality || a.position - b.position);
  for (const { type } of types) {
    const renderer = RENDERERS[type];
    if (renderer) return renderer;
  }
  return null;
}

function xmlContent(value: unknown, depth: number): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return escapeXml(String(value));
  const entries = Array.isArray(value) ? value.map((one) => ['item', one] as const) : Object.entries(value);
  if (entries.length === 0) return '';
  const pad = '  '.repeat(depth);
  const lines = entries.map(([name, one]) => {
    const content = xmlContent(one, depth + 1);
    return content === '' ? `${pad}<${name}/>` : `${pad}<${name}>${content}</${name}>`;
  });
  return `\n${lines.join('\n')}\n${'  '.repeat(depth - 1)}`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
