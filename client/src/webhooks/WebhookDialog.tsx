import { useQuery } from '@apollo/client/react'
import { Button, Checkbox, Group, Skeleton, Stack, Text } from '@mantine/core'
import type { FormikErrors } from 'formik'
import { FormButtons } from '../forms/FormButtons'
import { FormTextField } from '../forms/FormTextField'
import { ServerForm } from '../forms/ServerForm'
import type { ServerError } from '../forms/server-errors'
import { graphql } from '../gql'
import type { Translate } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { Dialog } from '../ui/Dialog'
import { FailureAlert } from '../ui/FailureAlert'
import { LoadFailure } from '../ui/LoadFailure'
import { leftToRight } from '../ui/left-to-right'
import { usePhone } from '../ui/use-phone'
import { problemOfUrl } from './webhook-url'
import { groupMessages } from './webhook-words'
import classes from './webhooks.module.css'

const EventTypes = graphql(`
  query WebhookEventTypes {
    webhookEventTypes {
      name
      description
      group
      includedInAll
    }
  }
`)

/** The fields of the form. */
interface WebhookValues {
  readonly url: string
  readonly description: string
  readonly events: string[]
}

const validate =
  (t: Translate) =>
  ({ url, events }: WebhookValues): FormikErrors<WebhookValues> => {
    const problem = problemOfUrl(url.trim())
    return {
      ...(problem === null ? {} : { url: t(problem) }),
      ...(events.length === 0 ? { events: t('webhooks.events.missing') } : {}),
    }
  }

interface EventFieldsProps {
  chosen: readonly string[]
  error: string | undefined
  onChange: (events: string[]) => void
}

/** A checkbox for each event type, with its description, in groups. */
const EventFields = ({ chosen, error, onChange }: EventFieldsProps) => {
  const { t } = useLocale()
  const { data, error: failure, refetch } = useQuery(EventTypes)
  const types = data?.webhookEventTypes
  const errorId = 'events-error'
  if (failure !== undefined) {
    return <LoadFailure failure={failure} onRetry={() => void refetch()} />
  }
  if (types === undefined)
    return <Skeleton height={240} aria-label={t('webhooks.form.loadingEvents')} />
  const allNames = types.flatMap(({ name, includedInAll }) => (includedInAll ? [name] : []))
  const all = allNames.every(name => chosen.includes(name))
  const groups = [...new Set(types.map(({ group }) => group))]
  return (
    <fieldset
      className={classes.events}
      aria-labelledby="events-legend"
      {...(error === undefined ? {} : { 'aria-describedby': errorId })}
    >
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <Text component="span" id="events-legend" fw={600} size="sm">
          {t('webhooks.form.events')}
        </Text>
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => onChange(all ? [] : [...new Set([...chosen, ...allNames])])}
        >
          {all ? t('ui.button.chooseNone') : t('ui.button.chooseAll')}
        </Button>
      </Group>
      {/* Above the list, because it would be out of sight below. */}
      {error !== undefined && (
        <Text id={errorId} size="xs" c="var(--mantine-color-error)" mb="xs" role="alert">
          {error}
        </Text>
      )}
      <Stack gap="lg">
        {groups.map(group => (
          <fieldset key={group} className={classes.events} aria-labelledby={`events-${group}`}>
            <Text component="h3" id={`events-${group}`} fw={600} size="xs" c="dimmed" mb="xs">
              {t(groupMessages[group])}
            </Text>
            <Stack gap="xs">
              {types
                .filter(type => type.group === group)
                .map(({ name, description, includedInAll }) => (
                  <Checkbox
                    key={name}
                    // The first checkbox takes the focus if the list has an error.
                    {...(name === types[0]?.name ? { id: 'events' } : {})}
                    label={name}
                    description={
                      includedInAll ? (
                        description
                      ) : (
                        <>
                          {description} {t('webhooks.form.chooseOnPurpose')}
                        </>
                      )
                    }
                    checked={chosen.includes(name)}
                    onChange={event =>
                      onChange(
                        event.currentTarget.checked
                          ? [...chosen, name]
                          : chosen.filter(one => one !== name),
                      )
                    }
                  />
                ))}
            </Stack>
          </fieldset>
        ))}
      </Stack>
    </fieldset>
  )
}

interface Props {
  opened: boolean
  title: string
  /** The label of the submit button. */
  submit: string
  initialValues: WebhookValues
  /** Saves the webhook. Returns the errors of the API. */
  onSubmit: (values: WebhookValues) => Promise<readonly ServerError[]>
  onClose: () => void
}

/** The form to add or edit a webhook. */
export const WebhookDialog = ({
  opened,
  title,
  submit,
  initialValues,
  onSubmit,
  onClose,
}: Props) => {
  const { t } = useLocale()
  const phone = usePhone()
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      closeOnClickOutside={false}
      fullScreen={phone}
      size={600}
      padding="lg"
      title={title}
    >
      <ServerForm<WebhookValues>
        initialValues={initialValues}
        validate={validate(t)}
        onSubmit={onSubmit}
      >
        {(refusal, form) => (
          <Stack gap="md">
            <FailureAlert failure={refusal} />
            <FormTextField
              name="url"
              label={t('webhooks.form.url')}
              description={t('webhooks.form.urlHint')}
              {...leftToRight}
              type="url"
              maxLength={4_000}
              inputMode="url"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              data-autofocus
            />
            <FormTextField
              name="description"
              label={t('webhooks.form.description')}
              description={t('webhooks.form.descriptionHint')}
              maxLength={200}
              autoComplete="off"
            />
            <EventFields
              chosen={form.values.events}
              error={
                form.touched.events === undefined
                  ? undefined
                  : (form.errors.events as string | undefined)
              }
              onChange={events => void form.setFieldValue('events', events)}
            />
            <FormButtons submit={submit} onCancel={onClose} />
          </Stack>
        )}
      </ServerForm>
    </Dialog>
  )
}
