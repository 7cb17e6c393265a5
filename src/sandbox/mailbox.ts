import type { ShipmentRecord } from './store.ts';

/** A mail to a customer, with what it told when it was sent. */
export interface SentMail {
  readonly shipment: ShipmentRecord;
  /** All numbers that stood on the shipment. */
  readonly trackNumbers: readonly string[];
  /** Null: none was to be told. */
  readonly comment: string | null;
}

/** The shop's mails about shipments (Magento\Sales\Model\Order\Shipment\Sender\EmailSender). */
export class Mailbox {
  /** Oldest first. */
  readonly sent: SentMail[] = [];
  /** See `mailsByCron` in SandboxSettings. */
  byCron = false;
  /** See `mailsEnabled` in SandboxSettings. */
  isEnabled = true;
  readonly #forCron = new Set<ShipmentRecord>();

  /** Mails the customer, or leaves it to the cron; whether the shipment shows that it was mailed. */
  mail(shipment: ShipmentRecord, comment: string | null): boolean {
    if (!this.isEnabled) return shipment.isMailed;
    if (this.byCron) {
      this.#forCron.add(shipment);
      shipment.isMailed = false;
      return false;
    }
    this.#send(shipment, comment);
    return true;
  }

  /** Sends what was left to the cron, each shipment once and without its comment; gives how many these were. */
  runCron(): number {
    const waiting = [...this.#forCron];
    this.#forCron.clear();
    for (const shipment of waiting) this.#send(shipment, null);
    return waiting.length;
  }

  #send(shipment: ShipmentRecord, comment: string | null): void {
    shipment.isMailed = true;
    shipment.mails++;
    const trackNumbers = shipment.tracks.map(({ trackNumber }) => trackNumber);
    this.sent.push({ shipment, trackNumbers, comment });
  }
}
