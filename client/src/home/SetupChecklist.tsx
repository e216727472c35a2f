import { useMutation } from '@apollo/client/react'
import { Button, Card, Group, Progress, Text, Title, VisuallyHidden } from '@mantine/core'
import { IconCircle, IconCircleCheck } from '@tabler/icons-react'
import { type ReactNode, useRef, useState } from 'react'
import { Link } from 'react-router'
import { graphql } from '../gql'
import type { HomeFiguresQuery, SetupStepName } from '../gql/graphql'
import type { PlainMessageId } from '../messages/locale'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { Command } from '../ui/Command'
import { describeFailure } from '../ui/describe-failure'
import { FailureAlert } from '../ui/FailureAlert'
import classes from './home.module.css'

const UpdateSetupChecklist = graphql(`
  mutation UpdateSetupChecklist($input: UpdateSetupChecklistInput!) {
    updateSetupChecklist(input: $input) {
      setup {
        step
      }
    }
  }
`)

type Step = NonNullable<HomeFiguresQuery['home']['setup']>[number]

const stepMessages: Record<
  SetupStepName,
  {
    title: PlainMessageId
    text: ReactNode
    /** The text of the link to its page; null if there is no page. */
    link: PlainMessageId | null
    to: string
    skip: PlainMessageId
  }
> = {
  MAIL: {
    title: 'home.setup.MAIL',
    text: <Message id="home.setup.MAIL.text" />,
    link: 'home.setup.MAIL.link',
    to: '/account/settings/mail',
    skip: 'home.setup.skip',
  },
  SECOND_FACTOR: {
    title: 'home.setup.SECOND_FACTOR',
    text: <Message id="home.setup.SECOND_FACTOR.text" />,
    link: 'home.setup.SECOND_FACTOR.link',
    to: '/account/me/security',
    skip: 'home.setup.skip',
  },
  INVITATION: {
    title: 'home.setup.INVITATION',
    text: <Message id="home.setup.INVITATION.text" />,
    link: 'home.setup.INVITATION.link',
    to: '/account/users',
    skip: 'home.setup.skip',
  },
  ALLOWED_ADDRESSES: {
    title: 'home.setup.ALLOWED_ADDRESSES',
    text: <Message id="home.setup.ALLOWED_ADDRESSES.text" />,
    link: 'home.setup.ALLOWED_ADDRESSES.link',
    to: '/account/settings/security',
    skip: 'home.setup.skip',
  },
  BACKUP: {
    title: 'home.setup.BACKUP',
    text: (
      <Message
        id="home.setup.BACKUP.text"
        values={{ code: command => <Command>{command}</Command> }}
      />
    ),
    link: null,
    to: '',
    skip: 'home.setup.BACKUP.done',
  },
}

interface Props {
  steps: readonly Step[]
  onChanged: () => Promise<unknown>
}

/** What a new account still needs. It disappears when each step is done or skipped. */
export const SetupChecklist = ({ steps, onChanged }: Props) => {
  const { t } = useLocale()
  const [update, { loading }] = useMutation(UpdateSetupChecklist)
  const [failure, setFailure] = useState<string | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const isFinished = (step: Step) => step.done || step.skipped
  const finished = steps.filter(isFinished).length
  const skip = async (skipped: readonly Step[]) => {
    setFailure(null)
    try {
      const skippedSteps = steps.filter(step => step.skipped || skipped.includes(step))
      await update({ variables: { input: { skippedSteps: skippedSteps.map(({ step }) => step) } } })
      // The button disappears, and with the last step the checklist.
      const isLast = finished + skipped.length === steps.length
      const kept = isLast ? document.getElementById('content') : heading.current
      kept?.focus({ preventScroll: true })
      await onChanged()
    } catch (problem) {
      setFailure(describeFailure(t, problem))
    }
  }
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="home-setup">
      <Group justify="space-between" align="baseline" gap="xs">
        <Title order={2} size="h5" id="home-setup" ref={heading} tabIndex={-1}>
          {t('home.setup.title')}
        </Title>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          // Its text is in line with the others, also below the heading.
          mx={-8}
          disabled={loading}
          onClick={() => void skip(steps.filter(step => !isFinished(step)))}
        >
          {t('home.setup.hide')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {t('home.setup.progress', { count: finished, total: steps.length })}
      </Text>
      <Progress
        value={(finished / steps.length) * 100}
        my="sm"
        className={classes.progress ?? ''}
        aria-label={t('home.setup.title')}
      />
      <FailureAlert failure={failure} />
      <ul className={classes.steps}>
        {steps.map(step => {
          const { title, text, link, to, skip: skipMessage } = stepMessages[step.step]
          const isOpen = !isFinished(step)
          const Icon = isOpen ? IconCircle : IconCircleCheck
          return (
            <li key={step.step} className={classes.step}>
              <Icon
                size={20}
                aria-hidden
                className={(isOpen ? classes.open : classes.done) ?? ''}
              />
              <div className={classes.task}>
                <div>
                  <Text size="sm" fw={isOpen ? 600 : 400} c={isOpen ? 'bright' : 'dimmed'}>
                    {t(title)}{' '}
                    <VisuallyHidden>
                      {t(
                        step.done
                          ? 'home.setup.isDone'
                          : step.skipped
                            ? 'home.setup.isSkipped'
                            : 'home.setup.isOpen',
                      )}
                    </VisuallyHidden>
                  </Text>
                  {isOpen && (
                    <Text size="sm" c="dimmed">
                      {text}
                    </Text>
                  )}
                </div>
                {isOpen && (
                  <div className={classes.actions}>
                    {link !== null && (
                      <Button component={Link} to={to} variant="default" size="xs">
                        {t(link)}
                      </Button>
                    )}
                    <Button
                      variant={link === null ? 'default' : 'subtle'}
                      color="gray"
                      size="xs"
                      disabled={loading}
                      onClick={() => void skip([step])}
                    >
                      {t(skipMessage)}
                      <VisuallyHidden>: {t(title)}</VisuallyHidden>
                    </Button>
                  </div>
                )}
              </div>
            </li>
          )
        })}
      </ul>
    </Card>
  )
}
