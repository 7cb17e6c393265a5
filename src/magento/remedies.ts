import { isRecord } from './json.ts';
import { template } from './magento-message.ts';

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

/** What Magento's own words about a signature mean for the configuration (recordings oauth-*; Magento\Framework\Oauth). */
const OAUTH_REMEDIES: Readonly<Record<string, string>> = {
  'A consumer having the specified key does not exist': 'Check consumerKey.',
  'Specified token does not exist': 'Check accessToken, and that the integration is active.',
  'The signature is invalid. Verify and try again.':
    'Check consumerSecret and accessTokenSecret, and that no proxy changes the host or the path.',
  'An error occurred validating the nonce': "Check the clock here: it is ten minutes ahead of the shop's.",
};

/** What a person can do about a 401, in sentences; empty where nothing is known to help. */
export function remedyFor(body: unknown, signedAs: SignedAs): string {
  const resources = isRecord(body) && isRecord(body.parameters) ? body.parameters.resources : undefined;
  if (typeof resources !== 'string') return OAUTH_REMEDIES[template(body) ?? ''] ?? '';
  const places = resources.split(/,\s*/).map((resource) => PLACES[resource] ?? resource);
  const grant = `Grant ${places.join(' and ')} under ${TREES[signedAs]}.`;
  return signedAs === 'bearer' ? `${grant} ${ALLOW_BEARER}` : grant;
}

/** What Magento said, which it may have ended without a full stop, and after it what helps. */
export function withRemedy(said: string, remedy: string): string {
  return remedy === '' ? said : `${said.replace(/\.?$/, '.')} ${remedy}`;
}
