/** The three-way merge and the way back of values. Pure. */
export * from './consent.ts'
export * from './loop-breaker.ts'
export * from './merge.ts'
export * from './turn-back.ts'
