/** What can be said about an account's credential without revealing it. */
export type CredentialFacts =
  | { readonly kind: 'key' }
  | { readonly kind: 'identity' }
  | {
      readonly kind: 'sas';
      /** ISO 8601, UTC; undefined if a stored access policy decides. */
      readonly startsAt: string | undefined;
      readonly endsAt: string | undefined;
      /** The letters of `sp`; undefined if a stored access policy decides. */
      readonly permissions: string | undefined;
    };
