import type { Config } from '../config/config.js'
import type { MailService } from '../mail/mail.service.js'
import type { SignInNetworkService } from '../sign-in-networks/sign-in-network.service.js'
import { SignInNoticeService } from './sign-in-notice.service.js'

interface Needs {
  readonly config: Config
  readonly mail: MailService
  readonly signInNetworks: SignInNetworkService
}

/** Mails about a sign-in from a new browser or network. */
export const signInNoticesModule = {
  create: ({ config, mail, signInNetworks }: Needs) => ({
    services: { signInNotices: new SignInNoticeService(signInNetworks, mail, config.publicUrl) },
  }),
}
