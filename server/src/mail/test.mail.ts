import { type MailContent, timeOf } from './mail-content.js'

/** The data of a test mail. */
export interface TestNotice {
  /** The first name of the user who sends the mail to themselves. */
  readonly firstName: string
  readonly at: Date
  /** The address of this Rekey. */
  readonly url: string
}

/** The mail that shows an administrator that mails arrive. */
export const testMail = (notice: TestNotice): MailContent => ({
  subject: 'Test mail from Rekey',
  greeting: `Hello ${notice.firstName},`,
  paragraphs: ['You sent this mail from the mail settings of Rekey. If you read it, mail works.'],
  facts: [
    ['Sent', timeOf(notice.at)],
    ['From', notice.url],
  ],
  footer: 'Nobody else received this mail.',
})
