/** The `Authorization` header of HTTP Basic: what Pipedrive sends with the user and the password it was given. */
export function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
