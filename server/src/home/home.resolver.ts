import { hasPermission } from '@rekey/shared/access'
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { RequirePermission } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import type { UserService } from '../users/user.service.js'
import { userOf } from '../users/user.type.js'
import {
  Home,
  HomePeopleType,
  HomeSignInDayType,
  UpdateSetupChecklistInput,
  UpdateSetupChecklistPayload,
} from './home.type.js'
import { dayOf, shownSignIns } from './home-figures.js'
import type { HomeFiguresService } from './home-figures.service.js'
import type { SetupChecklistService } from './setup-checklist.service.js'

const shownPasswords = 5

/** The overview that users see first. */
@Resolver()
export class HomeResolver {
  constructor(
    private readonly figures: HomeFiguresService,
    private readonly users: UserService,
    private readonly checklist: SetupChecklistService,
  ) {}

  @Query(() => Home, {
    description:
      'An overview of the account, as far as the caller may see it. Requires a signed-in caller.',
  })
  async home(@Ctx() context: Context): Promise<Home> {
    const caller = context.requireSignedIn()
    const may = (permission: Parameters<typeof hasPermission>[1]) =>
      hasPermission(caller, permission)
    const counted = await this.figures.read()
    const figures = counted?.figures
    return {
      countedAt: counted?.countedAt ?? null,
      people: figures && may('users.read') ? new HomePeopleType(figures) : null,
      oldestPasswords: may('users.read')
        ? (await this.users.listOldestPasswords(shownPasswords)).map(userOf)
        : null,
      signIns:
        figures && may('operations.read')
          ? shownSignIns(figures.signIns, dayOf(new Date())).map(day => new HomeSignInDayType(day))
          : null,
      webhooks: figures && may('webhooks.manage') ? figures.webhooks : null,
      mails: figures && may('settings.manage') ? figures.mails : null,
      setup: await this.checklist.read(caller),
    }
  }

  @Mutation(() => UpdateSetupChecklistPayload, {
    description:
      'Skips steps of the set-up checklist, for all administrators. When each step is done or skipped, Home no longer shows the checklist. Requires settings.manage.',
  })
  @RequirePermission('settings.manage', 'UPDATE_SETUP_CHECKLIST')
  async updateSetupChecklist(
    @Arg('input', () => UpdateSetupChecklistInput, { description: 'The steps to skip.' })
    { skippedSteps }: UpdateSetupChecklistInput,
    @Ctx() context: Context,
  ): Promise<UpdateSetupChecklistPayload> {
    const caller = context.requireSignedIn()
    const payload = new UpdateSetupChecklistPayload()
    payload.setup = await this.checklist.update(caller, skippedSteps, context.origin)
    return payload
  }
}
