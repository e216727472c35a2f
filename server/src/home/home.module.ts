import type { AccessGuard } from '../access/access-guard.service.js'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { MailService } from '../mail/mail.service.js'
import type { OneTimeLinkService } from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { SecondFactorService } from '../second-factor/second-factor.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { UserService } from '../users/user.service.js'
import type { WebhookService } from '../webhooks/webhook.service.js'
import { HomeResolver } from './home.resolver.js'
import { HomeFiguresEntity } from './home-figures.entity.js'
import { HomeFiguresService } from './home-figures.service.js'
import { SetupChecklistService } from './setup-checklist.service.js'

interface Needs {
  readonly config: Config
  readonly database: Database
  readonly settings: SettingsService
  readonly guard: AccessGuard
  readonly users: UserService
  readonly secondFactors: SecondFactorService
  readonly links: OneTimeLinkService
  readonly operations: OperationService
  readonly webhooks: WebhookService
  readonly mail: MailService
}

/** The figures and the set-up checklist of Home. */
export const homeModule = {
  entities: [HomeFiguresEntity],
  create: (needs: Needs) => {
    const { config, database, settings, guard, users, secondFactors, operations } = needs
    const homeFigures = new HomeFiguresService(
      database,
      users,
      secondFactors,
      needs.links,
      operations,
      needs.webhooks,
      needs.mail,
    )
    const checklist = new SetupChecklistService(
      database,
      config,
      settings,
      users,
      secondFactors,
      guard,
      operations,
    )
    return {
      services: { homeFigures },
      resolvers: [new HomeResolver(homeFigures, users, checklist)],
      jobs: [{ work: homeFigures, failureMessage: 'the figures of Home could not be counted' }],
    }
  },
}
