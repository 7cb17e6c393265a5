import type { ShipmentRecord } from './store.ts';

/** A mail to a customer, with what it told when it was sent. */
export interface SentMail {
  readonly shipment: ShipmentRecord;
  /** All numbers that stood on the shipment. */
  readonly trackNumbers: readonly string[];
  /** Null: none was to be told. */
  readonly comment: string | null;
}

/**
 * The shop's mails about shipments: Magento\Sales\Model\Order\Shipment\Sender\EmailSender in the creating call, and
 * Order\Email\Sender\ShipmentSender for later ones and for the cron. Each tells the shipment's customer note.
 */
export class Mailbox {
  /** Oldest first. */
  readonly sent: SentMail[] = [];
  /** See `mailsByCron` in SandboxSettings. */
  byCron = false;
  /** See `mailsEnabled` in SandboxSettings. */
  isEnabled = true;
  readonly #forCron = new Set<ShipmentRecord>();

  /** Mails the customer, or leaves it to the cron; whether the shipment shows that it was mailed. */
  mail(shipment: ShipmentRecord): boolean {
    if (!this.isEnabled) return shipment.isMailed;
    if (this.byCron) {
      this.#forCron.add(shipment);
      shipment.isMailed = false;
      return false;
    }
    this.#send(shipment);
    return true;
  }

  /** Sends what was left to the cron, each shipment once; gives how many these were. */
  runCron(): number {
    const waiting = [...this.#forCron];
    this.#forCron.clear();
    for (const shipment of waiting) this.#send(shipment);
    return waiting.length;
  }

  #send(shipment: ShipmentRecord): void {
    shipment.isMailed = true;
    shipment.mails++;
    const trackNumbers = shipment.tracks.map(({ trackNumber }) => trackNumber);
    this.sent.push({ shipment, trackNumbers, comment: shipment.customerNote });
  }
}
