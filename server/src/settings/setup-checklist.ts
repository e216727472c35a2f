import { z } from 'zod'

/** The steps that set up a new account, in the order in which they are shown. */
export const setupSteps = [
  'MAIL',
  'SECOND_FACTOR',
  'INVITATION',
  'ALLOWED_ADDRESSES',
  'BACKUP',
] as const

/** A step that sets up a new account. */
export type SetupStepName = (typeof setupSteps)[number]

const isStep = (name: string): name is SetupStepName =>
  (setupSteps as readonly string[]).includes(name)

const storedModel = z.object({ skippedSteps: z.array(z.string()) })

/** The stored skipped steps. Steps of other versions are ignored. */
export const skippedStepsOf = (stored: string | null): SetupStepName[] =>
  stored === null ? [] : storedModel.parse(JSON.parse(stored)).skippedSteps.filter(isStep)
