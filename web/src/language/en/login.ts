export const login = {
  title: 'Log in to Tajo',
  lead: 'With an API key of this server. It is exchanged for a session and not kept in the browser.',
  key: 'API key',
  keyHelp: 'No key yet? “tajo keys create” on the server makes one and shows it once.',
  enter: 'Log in',
  empty: 'Enter a key.',
  wrong: 'This server does not know the key. It may be mistyped, expired or revoked.',
  limited: 'Too many attempts. Wait a moment, then try again.',
  linkUsed: 'The login link has been used already, or is too old. Log in with a key.',
  what: 'Pipedrive and Brevo, in step.',
}
