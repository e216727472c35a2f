import type { AccessGuard } from '../access/access-guard.service.js'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { NodeSource } from '../nodes/node-source.js'
import type { OperationService } from '../operations/operation.service.js'
import { sealedColumn } from '../secrets/sealed-data.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { UserService } from '../users/user.service.js'
import { MailService } from './mail.service.js'
import { MailAdministrationResolver } from './mail-administration.resolver.js'
import { MailAdministrationService } from './mail-administration.service.js'
import { OutboxMail } from './mail-administration.type.js'
import { MailDelivery } from './mail-delivery.service.js'
import { MailDeliveryStateEntity } from './mail-delivery-state.entity.js'
import { folderTransport, smtpTransport } from './mail-transport.js'
import { OutboxMailEntity } from './outbox-mail.entity.js'
import { bodyOf } from './outbox-mail.js'

interface Needs {
  readonly config: Config
  readonly database: Database
  readonly secrets: SecretBox
  readonly settings: SettingsService
}

/** The outbox of mails and their delivery. */
export const mailModule = {
  entities: [OutboxMailEntity, MailDeliveryStateEntity],
  sealed: [sealedColumn(OutboxMailEntity, 'sealedBody', ({ id }) => bodyOf(id))],
  create: ({ config, database, secrets, settings }: Needs) => {
    const { smtpUrl, requireTls } = config.mail
    const transport =
      smtpUrl === null ? folderTransport(config.outboxDir) : smtpTransport(smtpUrl, requireTls)
    const mailDelivery = new MailDelivery(database, secrets, transport, settings, config.mail)
    const mail = new MailService(database, secrets, settings, mailDelivery)
    return {
      services: { mail, mailDelivery },
      jobs: [{ work: mail, failureMessage: 'a mail could not be delivered' }],
      sweeps: [() => mailDelivery.sweep()],
    }
  },
}

interface AdministrationNeeds {
  readonly config: Config
  readonly database: Database
  readonly guard: AccessGuard
  readonly operations: OperationService
  readonly users: UserService
  readonly throttle: ThrottleService
  readonly mail: MailService
  readonly mailDelivery: MailDelivery
}

/** The part of the API in which administrators see and control mail delivery. */
export const mailAdministrationModule = {
  create: (needs: AdministrationNeeds) => {
    const { config, database, guard, operations, users, throttle, mail, mailDelivery } = needs
    const administration = new MailAdministrationService(
      database,
      guard,
      operations,
      users,
      throttle,
      mail,
      mailDelivery,
      config,
    )
    return {
      resolvers: [new MailAdministrationResolver(administration)],
      nodes: [
        {
          type: OutboxMail,
          permission: 'settings.manage',
          find: async (ids, caller) =>
            (await administration.findMany(caller, ids)).map(found => new OutboxMail(found)),
        },
      ] satisfies NodeSource[],
    }
  },
}
