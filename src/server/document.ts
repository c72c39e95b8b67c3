/** The whole interface as one OpenAPI document: what stands written, and the API as its table says. */
import { API_COMPONENTS, describeApi } from './api/describe-api.ts'
import { SESSION_PATHS, SESSION_SCHEMAS } from './api/describe-session.ts'
import { OPENAPI_DOCUMENT } from './openapi.ts'

export function createDocument(): object {
  const { paths, schemas } = describeApi()
  const { components } = OPENAPI_DOCUMENT
  return {
    ...OPENAPI_DOCUMENT,
    paths: { ...OPENAPI_DOCUMENT.paths, ...SESSION_PATHS, ...paths },
    components: {
      ...components,
      responses: API_COMPONENTS.responses,
      schemas: { ...components.schemas, ...SESSION_SCHEMAS, ...schemas },
      securitySchemes: { ...components.securitySchemes, ...API_COMPONENTS.securitySchemes },
    },
  }
}
