import { isPermission, permissionTitleKey } from '@rekey/shared/access'
import { type MailTemplate, placeFacts } from '../mail/mail-content.js'

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

/**
 * Notifies a user of a new API token, which can act as them (OWASP ASVS 5.0, 6.3.7). It never
 * contains the token.
 */
export const apiTokenCreatedMail =
  (notice: ApiTokenCreatedNotice): MailTemplate =>
  language => {
    const { t } = language
    const titles = notice.permissions.map(permission =>
      isPermission(permission) ? t(permissionTitleKey[permission]) : permission,
    )
    return {
      subject: t('api-tokens.createdMail.subject'),
      greeting: t('mail.greeting', { firstName: notice.firstName }),
      paragraphs: [t('api-tokens.createdMail.explanation'), t('api-tokens.createdMail.advice')],
      facts: [
        [t('api-tokens.createdMail.name'), notice.name],
        [t('api-tokens.createdMail.prefix'), notice.prefix],
        [
          t('api-tokens.createdMail.permissions'),
          language.formatList(titles) || t('api-tokens.createdMail.noPermissions'),
        ],
        [t('api-tokens.createdMail.expires'), language.formatMoment(notice.expiresAt)],
        ...placeFacts(language, notice.at, notice),
      ],
      action: { label: t('api-tokens.createdMail.open'), url: notice.url },
      footer: t('api-tokens.createdMail.footer'),
    }
  }
