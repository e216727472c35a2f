import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { MailService } from '../mail/mail.service.js'
import { SignInNetworkEntity } from './sign-in-network.entity.js'
import { SignInNoticeService } from './sign-in-notice.service.js'

interface Needs {
  readonly config: Config
  readonly database: Database
  readonly mail: MailService
}

/** Mails about a sign-in from a new browser or network. */
export const signInNoticesModule = {
  entities: [SignInNetworkEntity],
  create: ({ config, database, mail }: Needs) => ({
    services: { signInNotices: new SignInNoticeService(database, mail, config.publicUrl) },
  }),
}
