import { permissionGroups } from '@rekey/shared/access'
import { type MailContent, placeFacts, timeOf } from '../mail/mail-content.js'

/** The content of the notice about a new API token. */
export interface ApiTokenCreatedNotice {
  /** First name of the token's owner. */
  readonly firstName: string
  readonly name: string
  /** The token's prefix. */
  readonly prefix: string
  readonly permissions: readonly string[]
  readonly expiresAt: Date
  readonly at: Date
  /** The address that the token was created from. */
  readonly ip: string
  readonly userAgent: string
  /** The page that lists the tokens. */
  readonly url: string
}

const titles = new Map<string, string>(
  permissionGroups.flatMap(group => group.permissions).map(one => [one.permission, one.title]),
)

/**
 * Notifies a user of a new API token, which can act as them (OWASP ASVS 5.0, 6.3.7). It never
 * contains the token.
 */
export const apiTokenCreatedMail = (notice: ApiTokenCreatedNotice): MailContent => ({
  subject: 'An API token was created',
  greeting: `Hello ${notice.firstName},`,
  paragraphs: [
    'An API token was created in your Rekey account. Anyone who has the token can act as you, within its permissions, until it expires or you revoke it.',
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
  footer:
    'Rekey sends this mail when an API token is created for you. It never contains the token.',
})
