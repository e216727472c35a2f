import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import { MailService } from './mail.service.js'
import { folderTransport, smtpTransport } from './mail-transport.js'
import { OutboxMailEntity } from './outbox-mail.entity.js'

/** The outbox of mails and their delivery. */
export const mailModule = {
  entities: [OutboxMailEntity],
  create: ({ config, database }: { config: Config; database: Database }) => {
    const { smtpUrl } = config.mail
    const transport = smtpUrl === null ? folderTransport(config.outboxDir) : smtpTransport(smtpUrl)
    const mail = new MailService(database, transport, config.mail)
    return {
      services: { mail },
      jobs: [
        { work: mail, failureMessage: 'a mail could not be delivered; it will be tried again' },
      ],
    }
  },
}
