import { refusedResources, template } from './magento-message.ts';

/** The ways of signing a request. */
export type SignedAs = 'oauth' | 'bearer' | 'admin';

/** Where the admin's tree of resources has the rights that are needed (etc/acl.xml of Magento_Sales). */
const PLACES: Readonly<Record<string, string>> = {
  'Magento_Sales::actions_view': 'Sales > Operations > Orders > Actions > View',
  'Magento_Sales::shipment': 'Sales > Operations > Shipments',
  'Magento_Sales::ship': 'Sales > Operations > Orders > Actions > Ship',
};

const TREES: Readonly<Record<SignedAs, string>> = {
  oauth: 'System > Extensions > Integrations > (the integration) > API',
  bearer: 'System > Extensions > Integrations > (the integration) > API',
  admin: "System > Permissions > User Roles > (the user's role) > Role Resources",
};

/** Since 2.4.4 (Magento\Integration\Model\OpaqueToken\Reader), with the same 401 as for a missing right. */
const ALLOW_BEARER =
  'From Magento 2.4.4 on bearer tokens of integrations must be allowed as well: ' +
  'bin/magento config:set oauth/consumer/enable_integration_as_bearer 1.';

const CHECK_TOKEN = 'Check accessToken, and that the integration is active.';
const CHECK_CLOCK = "Check the clock here: it is ten minutes ahead of the shop's.";

/**
 * What Magento says to an OAuth signature that it does not take, and what that means for the configuration (recordings
 * oauth-*; Magento\Framework\Oauth\Oauth, Oauth\Token\Provider and Oauth\Nonce\Generator of Magento_Integration). All but
 * those about the signature's method and the token's length come with 401, these with 400.
 */
const OAUTH_REMEDIES: ReadonlyMap<string, string> = new Map([
  ['A consumer having the specified key does not exist', 'Check consumerKey.'],
  ['Consumer key is not the correct length', 'Check consumerKey.'],
  ['Consumer key has expired', 'Activate the integration again in the shop.'],
  ['Specified token does not exist', CHECK_TOKEN],
  ['Token is not the correct length', CHECK_TOKEN],
  ['The token length is invalid. Check the length and try again.', CHECK_TOKEN],
  ['Token is not associated with the specified consumer', CHECK_TOKEN],
  ['Token is not an access token', CHECK_TOKEN],
  ['Access token has been revoked', CHECK_TOKEN],
  [
    'The signature is invalid. Verify and try again.',
    'Check consumerSecret and accessTokenSecret, and that no proxy changes the host or the path.',
  ],
  ['Signature method %1 is not supported', ''],
  ['Incorrect timestamp value in the oauth_timestamp parameter', CHECK_CLOCK],
  ['An error occurred validating the nonce', CHECK_CLOCK],
]);

/** Whether words of Magento's, as in `template`, refuse the credentials themselves and no right of theirs. */
export function isSignInRefusal(words: string): boolean {
  return OAUTH_REMEDIES.has(words);
}

/** What a person can do about a 401, in sentences; empty where nothing is known to help. */
export function remedyFor(body: unknown, signedAs: SignedAs): string {
  const resources = refusedResources(body);
  if (resources === undefined) return OAUTH_REMEDIES.get(template(body) ?? '') ?? '';
  const places = resources.split(/,\s*/).map((resource) => PLACES[resource] ?? resource);
  const grant = `Grant ${places.join(' and ')} under ${TREES[signedAs]}.`;
  return signedAs === 'bearer' ? `${grant} ${ALLOW_BEARER}` : grant;
}

/** What Magento said, which it may have ended without a full stop, and after it what helps. */
export function withRemedy(said: string, remedy: string): string {
  return remedy === '' ? said : `${said.replace(/\.?$/, '.')} ${remedy}`;
}
