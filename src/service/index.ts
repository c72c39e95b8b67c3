/** The composed product, for the doors to use. */
export { openService, type ServiceOptions } from './open-service.ts'
export type * from './service-face.ts'
