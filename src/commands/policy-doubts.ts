import type { InboxConfig } from '../config/config.ts';
import type { ProfileChoice } from '../domain/profile.ts';

/** What an inbox asks for and does not get as somebody might think; see `decidePolicy` for what is refused. */
export interface PolicyDoubt {
  /** In a sentence without its full stop. */
  readonly message: string;
  /** What a person can do, in sentences. */
  readonly hint: string;
}

/** Keys of `shipments` that do nothing, or less than they seem to, beside the others. */
export function policyDoubts(inbox: InboxConfig): readonly PolicyDoubt[] {
  const { createShipments, requirePaid, notify, comment } = inbox;
  const doubts: PolicyDoubt[] = [];
  if (requirePaid && !createShipments)
    doubts.push({
      message:
        'requirePaid: true keeps nothing waiting, since create: false ships no order, whoever has paid',
      hint: 'Set create: true with it, or leave it out.',
    });
  if (comment?.isVisible && notify === 'always')
    doubts.push({
      message: 'customers see the comment in their account only, since the mails of notify: always have none',
      hint: 'Set notify: shipment to have it in the mail.',
    });
  if (comment?.text.includes('{link}') && !hasAnyLink(inbox.profiles))
    doubts.push({
      message: '{link} in the comment stays empty, since no carrier of the profiles has a link',
      hint: 'Set carriers.map[].link or carriers.defaultLink of the profile.',
    });
  return doubts;
}

function hasAnyLink({ fixed, known }: ProfileChoice): boolean {
  const profiles = fixed ? [fixed] : known;
  return profiles.some(({ carriers }) =>
    [carriers.defaultLink, ...carriers.map.map(({ link }) => link)].some((link) => link !== null),
  );
}
