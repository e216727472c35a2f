import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import { sealedColumn } from '../secrets/sealed-data.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import { bodyOf, MailService } from './mail.service.js'
import { folderTransport, smtpTransport } from './mail-transport.js'
import { OutboxMailEntity } from './outbox-mail.entity.js'

interface Needs {
  readonly config: Config
  readonly database: Database
  readonly secrets: SecretBox
}

/** The outbox of mails and their delivery. */
export const mailModule = {
  entities: [OutboxMailEntity],
  sealed: [sealedColumn(OutboxMailEntity, 'sealedBody', ({ id }) => bodyOf(id))],
  create: ({ config, database, secrets }: Needs) => {
    const { smtpUrl, requireTls } = config.mail
    const transport =
      smtpUrl === null ? folderTransport(config.outboxDir) : smtpTransport(smtpUrl, requireTls)
    const mail = new MailService(database, secrets, transport, config.mail)
    return {
      services: { mail },
      jobs: [
        { work: mail, failureMessage: 'a mail could not be delivered; it will be tried again' },
      ],
    }
  },
}
