/** Formats an amount of money: `12.34 USD`, or `below 0.01 USD`. */
export function moneyText(amount: number, currency: string): string {
  if (amount > 0 && amount < 0.01) return `below 0.01 ${currency}`;
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return `${amount.toLocaleString('en-US', digits)} ${currency}`;
}
