/** What came instead of an answer of Magento's web API, in words for somebody who has to do with the shop. */
export interface Meaning {
  /** Half a sentence; nothing of the body is in it, whose origin nobody knows. */
  readonly message: string;
  /** What a person can do, in sentences. */
  readonly remedy: string;
}

interface Foreign {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

interface Known extends Meaning {
  readonly status: number;
  /** Text of the body; absent: whatever it holds. */
  readonly holds?: RegExp;
  /** Beginning of the content type; absent: any. */
  readonly type?: string;
}

const WAIT = 'Trackdrop goes on by itself once that is over.';

/** The first that fits tells. */
const KNOWN: readonly Known[] = [
  {
    // nginx (ngx_http_special_response) and Apache (mod_ssl).
    status: 400,
    holds: /plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled/i,
    message: 'plain http is spoken to a port that speaks https (400)',
    remedy: 'Set url to https://.',
  },
  {
    status: 401,
    message: 'something in front of Magento asks for a password (401)',
    remedy:
      "Let requests to <url>/rest through without it: it would take the place of Magento's own sign-in.",
  },
  {
    status: 403,
    message: "the shop's web server or a firewall before it refuses the request (403)",
    remedy: 'Let this machine through to <url>/rest.',
  },
  {
    status: 404,
    message: 'there is no REST API at this address (404 with a page)',
    remedy: 'Check url: the REST API has to answer under <url>/rest.',
  },
  {
    status: 413,
    message: "the request is longer than the shop's web server or a proxy takes (413)",
    remedy: 'Allow longer requests there.',
  },
  {
    status: 414,
    message: "the address is longer than the shop's web server or a proxy takes (414)",
    remedy: 'Allow longer addresses there.',
  },
  {
    status: 429,
    message: "the shop's web server or a proxy has had too many requests (429)",
    remedy: 'Set maxRequestsPerSecond of the store.',
  },
  {
    // Recording outage-database-down: the error page itself needs the database, and breaks off.
    status: 500,
    holds: /There has been an error processing your request/,
    type: 'text/plain',
    message: 'the shop cannot start, most likely because its database is away (500)',
    remedy: `Look whether the database runs, and into var/log of the shop. ${WAIT}`,
  },
  {
    status: 500,
    holds: /There has been an error processing your request/,
    message: 'the shop shows its error page (500)',
    remedy: 'Look into var/report and var/log of the shop.',
  },
  {
    // Recording outage-php-fpm-down.
    status: 502,
    holds: /<center>nginx/,
    message: "the shop's PHP does not run (502 of its web server)",
    remedy: `Start PHP-FPM, or look into its log. ${WAIT}`,
  },
  {
    status: 502,
    message: 'a proxy before the shop gets no answer from it (502)',
    remedy: `Look whether the shop's web server and its PHP run. ${WAIT}`,
  },
  {
    // Recordings maintenance-*.
    status: 503,
    holds: /<title>Error 503: Service Unavailable/,
    message: 'the shop is in maintenance (503)',
    remedy: `Where it should not be: bin/magento maintenance:disable. ${WAIT}`,
  },
  {
    status: 503,
    message: "the shop's web server or a proxy has nobody to answer (503)",
    remedy: `Look whether the shop runs, and whether it has too much to do. ${WAIT}`,
  },
  {
    status: 504,
    message: 'a proxy before the shop waited no longer for its answer (504)',
    remedy: 'Look why the shop is so slow, or let the proxy wait longer.',
  },
];

/** Reads an answer that is no JSON of Magento's. */
export function meaningOf(answer: Foreign): Meaning {
  const known = KNOWN.find(
    ({ status, holds, type }) =>
      status === answer.status &&
      (holds === undefined || holds.test(answer.body)) &&
      (type === undefined || answer.contentType.startsWith(type)),
  );
  return (
    known ?? {
      message: `the shop's web server or a proxy answered ${answer.status} with ${bodyInWords(answer)}`,
      remedy: 'Check url, and that the REST API answers under <url>/rest.',
    }
  );
}

function bodyInWords({ contentType, body }: Foreign): string {
  if (body === '') return 'nothing';
  // A proxy that repeats what it was sent may do so in this header, too.
  const type = /^[\w.+-]{1,20}\/[\w.+-]{1,40}(?=\s*(?:;|$))/.exec(contentType)?.[0];
  if (type === undefined) return 'something of no known kind';
  if (/json$/i.test(type)) return 'JSON that is no answer of Magento';
  return type === 'text/html' ? 'a page (text/html)' : `something else (${type})`;
}
