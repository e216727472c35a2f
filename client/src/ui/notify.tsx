import { notifications } from '@mantine/notifications'
import { IconCheck, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Translate } from '../messages/locale'
import { describeFailure } from './describe-failure'
import { OutcomeUnknown } from './outcome-unknown'

const common = {
  // The default colour has too little contrast (WCAG 2.2, 1.4.3).
  styles: { description: { color: 'var(--mantine-color-dimmed)' } },
}

/**
 * Shows a message that an action succeeded.
 *
 * @param title a `Message` if the action may change the language of the screen.
 */
export const notifySuccess = (title: ReactNode, message?: string): void => {
  notifications.show({
    color: 'rekey',
    icon: <IconCheck size={18} aria-hidden />,
    title,
    message,
    ...common,
  })
}

/**
 * Shows a message that an action failed, to a user who is no longer at the place where they started
 * it.
 */
export const notifyFailure = (title: string, message: string): void => {
  notifications.show({
    color: 'red',
    icon: <IconX size={18} aria-hidden />,
    title,
    message,
    ...common,
  })
}

/**
 * Shows a message about a failed request, to a user who is no longer at the place where they
 * started it.
 *
 * @param title the action that was not done. If the outcome is unknown, the message has another
 * title.
 * @param whenUnknown the same as in {@link describeFailure}.
 */
export const notifyProblem = (
  t: Translate,
  title: string,
  problem: unknown,
  whenUnknown?: string,
): void => {
  const unknown = problem instanceof OutcomeUnknown
  notifyFailure(unknown ? t('failure.noAnswer') : title, describeFailure(t, problem, whenUnknown))
}
