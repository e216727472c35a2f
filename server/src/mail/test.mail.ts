import { type MailContent, timeOf } from './mail-content.js'

/** A test, as its mail tells of it. */
export interface TestNotice {
  /** First name of who sends it to themselves. */
  readonly firstName: string
  readonly at: Date
  /** The address of this Rekey. */
  readonly url: string
}

/** Shows an administrator that mails arrive. */
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
