import { permissionGroups } from '@rekey/shared/access'
import { type MailContent, placeFacts, timeOf } from '../mail/mail-content.js'

/** A new API token, as its notice tells of it. */
export interface ApiTokenCreatedNotice {
  /** First name of whose token it is. */
  readonly firstName: string
  readonly name: string
  /** What it begins with. */
  readonly prefix: string
  readonly permissions: readonly string[]
  readonly expiresAt: Date
  readonly at: Date
  /** Address it was created from. */
  readonly ip: string
  readonly userAgent: string
  /** Where the tokens are listed. */
  readonly url: string
}

const titles = new Map<string, string>(
  permissionGroups.flatMap(group => group.permissions).map(one => [one.permission, one.title]),
)

/** Tells of a new way to act as someone (OWASP ASVS 5.0, 6.3.7); never the token. */
export const apiTokenCreatedMail = (notice: ApiTokenCreatedNotice): MailContent => ({
  subject: 'An API token was created',
  greeting: `Hello ${notice.firstName},`,
  paragraphs: [
    'An API token was created in your Rekey account. Whoever has it can act as you, as far as its permissions go, until it expires or you revoke it.',
    'If you know of this, there is nothing to do. If not, revoke it, change your password and tell an administrator of your Rekey at once.',
  ],
  facts: [
    ['Name', notice.name],
    ['Begins with', notice.prefix],
    [
      'Permissions',
      notice.permissions.map(permission => titles.get(permission) ?? permission).join(', ') ||
        'None',
    ],
    ['Expires', timeOf(notice.expiresAt)],
    ...placeFacts(notice.at, notice),
  ],
  action: { label: 'Open API tokens', url: notice.url },
  footer: 'Rekey sends this to everyone for whom an API token was created. It never contains one.',
})
