/** What can be done about duplicates, as types only. */
import type {
  DuplicateReport,
  MergePlan,
  MergeReport,
  MergeSelection,
  PlannedMerge,
  RunProgress,
  SurvivorRule,
} from '../sync/index.ts'

export type {
  DuplicateCluster,
  DuplicatePerson,
  DuplicateReason,
  DuplicateReport,
  Gain,
  Loss,
  MergeForecast,
  MergeItem,
  MergePlan,
  MergeReport,
  MergeSelection,
  PlannedMerge,
  SurvivorRule,
} from '../sync/index.ts'

export type Dedupe = {
  /** Persons that share an address (rule R1.2), and on request those that may be one. Reads the store only. */
  list(options?: ListOptions): Promise<DuplicateReport>
  /**
   * What `merge` would do, and what it costs. Asks Pipedrive for its fields; merges nobody. Throws `duplicate_unknown`,
   * `config_not_connected` and Pipedrive's refusal.
   */
  plan(options?: MergeSelection & { signal?: AbortSignal | undefined }): Promise<MergePlan>
  /**
   * Merges persons in Pipedrive, for good, one after the other; each two are read again right before. What Pipedrive
   * refuses, and where it paused, is in the report. Going on is planning and merging again. Throws `merge_impossible`.
   */
  merge(merges: readonly PlannedMerge[], options?: MergeOptions): Promise<MergeReport>
}

export type ListOptions = {
  /** Default: the configuration's `dedupe.survivor`. */
  readonly survivor?: SurvivorRule | undefined
  /** Whether suggestions are listed, too, and not only counted; default false. */
  readonly suggestions?: boolean | undefined
}

export type MergeOptions = {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: RunProgress) => void) | undefined
}
