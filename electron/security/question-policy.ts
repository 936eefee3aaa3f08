/** How long the same question is not put again after a refusal, ms. */
export const refusalHolds = 5000;

/** The user's last “Cancel”. `at`: epoch ms. */
export interface Refusal {
  host: string;
  at: number;
}

/** Whether a page may have the user asked about a host now. */
export function mayAsk(refusal: Refusal | null, host: string, now: number): boolean {
  return refusal === null || refusal.host !== host || now - refusal.at >= refusalHolds;
}
