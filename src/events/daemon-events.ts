/** The life of a daemon. */
export interface DaemonEvents {
  /** The ledger is open and this process is the writer. */
  'daemon.active': { readonly pid: number };
  /** Another daemon holds the data folder; this one stands by. */
  'daemon.standby': { readonly holder: string };
  /** Intake has ended; what is on the wire may finish. */
  'daemon.stopping': { readonly reason: string };
  'daemon.stopped': { readonly openDrops: number; readonly openRequests: number };
}
