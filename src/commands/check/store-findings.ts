import type { AuthConfig, StoreConfig } from '../../config/config.ts';
import type { Examination, RightFound } from '../../magento/examine.ts';
import type { AskedCall } from '../../magento/questions.ts';
import type { Failure } from '../../magento/verdict.ts';
import { isReadableOnItsWay, READABLE } from '../banner.ts';
import type { Finding } from './finding.ts';

/** Beyond it the clocks are said to differ, while there is time to act: Magento bears with ten minutes. */
const CLOCKS_MAY_DIFFER_MS = 5 * 60_000;
/** A one-time code is good for 30 s (RFC 6238, 5.2); Magento takes the one before and the one after as well. */
const CLOCKS_MAY_DIFFER_FOR_CODES_MS = 30_000;

const SUBJECTS: Readonly<Record<AskedCall, string>> = {
  orders: 'read orders',
  shipments: 'read shipments',
  track: 'add numbers',
  ship: 'ship orders',
};

/** What an examination means for somebody who is to set the store up. `creates`: an inbox ships orders there. */
export function storeFindings(store: StoreConfig, examination: Examination, creates: boolean): Finding[] {
  const address = addressFinding(store, examination);
  if (address.result === 'problem') {
    return [address, skipped('rights', 'not known while the store does not answer')];
  }
  const isRefused = isSignInRefused(store.auth, examination);
  const rights = isRefused
    ? [skipped('rights', 'not known while the sign-in is refused')]
    : examination.rights.map((found) =>
        rightFinding(found, examination.failure, { readOnly: store.readOnly, creates }),
      );
  return [
    address,
    signInFinding(store.auth, examination, isRefused),
    ...rights,
    speedFinding(examination),
    clockFinding(store.auth, examination, isRefused),
  ];
}

function addressFinding({ url, storeCode }: StoreConfig, { failure, latenciesMs }: Examination): Finding {
  const subject = 'address';
  if (failure && failure.blame !== 'sign-in' && latenciesMs.length === 0) {
    return { result: 'problem', subject, message: failure.message, ...hinted(failure) };
  }
  if (isReadableOnItsWay(url)) return { result: 'warning', subject, message: READABLE, hint: 'Use https.' };
  return { result: 'ok', subject, message: `${url}/rest/${storeCode}/V1` };
}

function hinted(failure: Failure | null): Pick<Finding, 'hint'> {
  return failure === null || failure.remedy === '' ? {} : { hint: failure.remedy };
}

/**
 * Refused with everything it asks, a caller is not known. An OAuth signature that is wrong is told in other words than
 * a right that is missing, and an admin user has been known by then; a bearer token is refused with the same
 * words as a right (recordings auth-bad-token, auth-acl-orders-read-ship).
 */
function isSignInRefused({ kind }: AuthConfig, { rights, failure }: Examination): boolean {
  if (failure?.blame === 'sign-in') return true;
  if (failure) return false;
  const asked = rights.filter(({ found }) => found !== 'unasked');
  if (asked.some(({ found }) => found !== 'missing')) return false;
  if (kind === 'oauth') return asked.every(({ message, right }) => !message.includes(right));
  return kind === 'bearer';
}

function signInFinding(auth: AuthConfig, { failure, rights }: Examination, isRefused: boolean): Finding {
  const subject = 'sign-in';
  if (failure?.blame === 'sign-in') return { result: 'problem', subject, message: failure.message };
  if (isRefused && auth.kind === 'bearer') return { result: 'problem', subject, ...BEARER_REFUSED };
  if (isRefused) {
    const message = rights.find((each) => each.message !== '')?.message ?? '';
    return { result: 'problem', subject, message };
  }
  const as = { oauth: 'an integration, by OAuth', bearer: 'an integration, by its bearer token' };
  const message = auth.kind === 'admin' ? `as the admin user ${auth.username}` : `as ${as[auth.kind]}`;
  return { result: 'ok', subject, message };
}

/** Since 2.4.4 (recording auth-integration-bearer-disabled-in-config). */
const BEARER_REFUSED = {
  message:
    'every question is refused (401): the token is wrong, its integration has no rights, or the shop takes no ' +
    'bearer tokens of integrations',
  hint:
    'Copy the access token again (System > Extensions > Integrations). Magento 2.4.4 and later take it as a bearer ' +
    'token only where that is allowed: bin/magento config:set oauth/consumer/enable_integration_as_bearer 1. ' +
    'With auth.oauth nothing has to be allowed.',
};

function rightFinding(
  { call, right, found, message }: RightFound,
  failure: Failure | null,
  { readOnly, creates }: { readonly readOnly: boolean; readonly creates: boolean },
): Finding {
  const subject = SUBJECTS[call];
  const facts = { right };
  switch (found) {
    case 'granted':
      return { result: 'ok', subject, message: right, facts };
    case 'missing':
      return call === 'ship' && !creates
        ? {
            result: 'warning',
            subject,
            message: `${right} is missing; not needed while shipments.create is false. ${message}`,
            facts,
          }
        : { result: 'problem', subject, message: `${right} is missing. ${message}`, facts };
    case 'failed':
      return { result: 'problem', subject, message, ...hinted(failure), facts };
    case 'unasked':
      return !failure && readOnly && (call === 'track' || call === 'ship')
        ? { ...skipped(subject, 'not asked: it takes a POST, and the store is readOnly'), facts }
        : { ...skipped(subject, 'not asked, since the store did not answer before'), facts };
  }
}

function speedFinding({ latenciesMs }: Examination): Finding {
  const subject = 'speed';
  if (latenciesMs.length === 0) return skipped(subject, 'no answer to measure');
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const medianMs = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const [least = 0, most = least] = [sorted[0], sorted.at(-1)];
  const message = `${medianMs} ms for a small question, the median of ${sorted.length} (${least} to ${most} ms)`;
  return { result: 'ok', subject, message, facts: { medianMs } };
}

function clockFinding(auth: AuthConfig, { clockAheadMs }: Examination, isRefused: boolean): Finding {
  const subject = 'clock';
  if (clockAheadMs === null) return skipped(subject, 'no answer said the time');
  const facts = { aheadMs: clockAheadMs };
  const usesCodes = auth.kind === 'admin' && auth.otpSecret !== null;
  const limitMs = usesCodes ? CLOCKS_MAY_DIFFER_FOR_CODES_MS : CLOCKS_MAY_DIFFER_MS;
  if (Math.abs(clockAheadMs) <= limitMs) {
    return { result: 'ok', subject, message: `${inWords(clockAheadMs)} the store's`, facts };
  }
  const isWhy = isRefused && (usesCodes || (auth.kind === 'oauth' && clockAheadMs > 0));
  const matters = usesCodes
    ? 'one-time codes are refused'
    : auth.kind === 'oauth'
      ? 'Magento refuses OAuth when the clock here is ten minutes ahead'
      : 'the times in logs and reports are not those of the store';
  return {
    result: isWhy ? 'problem' : 'warning',
    subject,
    message: `${inWords(clockAheadMs)} the store's; ${matters}`,
    hint: 'Set the clock that is wrong, by NTP (timedatectl set-ntp true).',
    facts,
  };
}

/** `3 s ahead of`, `12 min behind`. */
function inWords(aheadMs: number): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const size = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  if (seconds <= 1) return 'the same as';
  return aheadMs > 0 ? `${size} ahead of` : `${size} behind`;
}

function skipped(subject: string, message: string): Finding {
  return { result: 'skipped', subject, message };
}
