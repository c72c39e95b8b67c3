/** What can be asked about one person, as types only (rule R11). */

export type Privacy = {
  /**
   * Everything held about the person with this address, on both sides and in the store. What a service refused to tell is
   * named in `incomplete`. Throws `email_invalid`.
   */
  export(email: string, options?: { signal?: AbortSignal | undefined }): Promise<PersonExport>
  /**
   * Removes the person from Brevo and the store, and keeps it away from then on. Going on after a failure is asking again.
   * Throws `email_invalid`, `connection_busy`, and a service's refusal: what was done until then stays done.
   */
  erase(email: string, options?: EraseOptions): Promise<Erasure>
  /** Lets a person be synced again that was erased. Throws `email_invalid`, `connection_busy`, and Pipedrive's refusal. */
  allow(email: string, options?: { signal?: AbortSignal | undefined }): Promise<Allowance>
}

export type EraseOptions = {
  /** Deletes the persons in Pipedrive too; default false. */
  readonly pipedrive?: boolean | undefined
  /** Removes nothing, and says what would be; default false. */
  readonly dryRun?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** Records of the services are as their APIs answer them. */
export type PersonExport = {
  readonly email: string
  /** ISO 8601. */
  readonly exportedAt: string
  /** Whether anything is held at all. */
  readonly found: boolean
  /** Empty when everything was told. */
  readonly incomplete: readonly {
    /** `pipedrive.deals`, `brevo.contacts.events`, ... */
    readonly part: string
    readonly code: string
    readonly message: string
  }[]
  /** The address, or one of the person's others, was erased here before. */
  readonly erased: boolean
  readonly pipedrive: {
    readonly persons: readonly unknown[]
    readonly deals: readonly unknown[]
    readonly activities: readonly unknown[]
    readonly leads: readonly unknown[]
    readonly notes: readonly unknown[]
  }
  readonly brevo: {
    readonly contacts: readonly {
      /** With attributes, lists and statistics. */
      readonly contact: unknown
      readonly lists: readonly { readonly id: number; readonly name: string | null }[]
      readonly campaignStats: readonly unknown[]
      readonly events: readonly unknown[]
    }[]
  }
  /** Rows by name of the table, without credentials. */
  readonly store: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>
}

/** Ids and counts only. */
export type Erasure = {
  readonly dryRun: boolean
  /** How many addresses the person has, all of which are kept away. */
  readonly addresses: number
  readonly brevo: { readonly contactIds: readonly number[] }
  readonly pipedrive: {
    /** Persons with the address. */
    readonly personIds: readonly number[]
    /** Whether they were deleted there, or would be; Pipedrive keeps deleted records for 30 days. */
    readonly deleted: boolean
  }
  /** Other persons of the mirror who share one of the addresses: they are not synced any more either. */
  readonly sharedWith: readonly number[]
  /** Rows of the store that concerned the person, by table. */
  readonly store: Readonly<Record<string, number>>
}

export type Allowance = {
  /** Whether any of the person's addresses had been erased. */
  readonly lifted: boolean
  /** Persons that the next sync reads again. */
  readonly personIds: readonly number[]
}
