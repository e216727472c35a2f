import { useQuery } from '@apollo/client/react'
import {
  Combobox,
  Modal,
  Text,
  TextInput,
  useCombobox,
  useMantineColorScheme,
  VisuallyHidden,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { foldText } from '@rekey/shared/search-text'
import {
  IconFileImport,
  IconKey,
  IconLogout,
  IconSearch,
  IconUser,
  IconUserPlus,
} from '@tabler/icons-react'
import { lazy, type ReactNode, Suspense, useEffect, useId, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { accountTabs } from '../account/account-tabs'
import { graphql } from '../gql'
import type { PalettePeopleQuery } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { useSignOut } from '../sessions/use-sign-out'
import { describeFailure } from '../ui/describe-failure'
import { useDialogTitle } from '../ui/document-title'
import { StatusBadge } from '../users/badges'
import classes from './CommandPalette.module.css'
import { colorSchemes } from './color-schemes'
import { accountPages, explorerPage, openPages, settingsPages } from './pages'

const PalettePeople = graphql(`
  query PalettePeople($search: String!) {
    users(first: 7, search: $search) {
      nodes {
        id
        name
        login
        status
      }
    }
  }
`)

const AddUserDialog = lazy(() =>
  import('../invitations/AddUserDialog').then(part => ({ default: part.AddUserDialog })),
)

/** A line of the palette. */
interface Command {
  readonly id: string
  readonly label: string
  /** Where the page is, or the login of the user. */
  readonly detail?: string
  readonly badge?: ReactNode
  readonly Icon: typeof IconUser
  /** Called after the palette has closed. */
  readonly run: () => void
}

/** Lines under a heading. */
interface CommandGroup {
  readonly label: string
  readonly commands: readonly Command[]
}

/** The properties of the palette. */
export interface CommandPaletteProps {
  /** The signed-in user, whose permissions decide what the palette offers. */
  viewer: { readonly permissions: readonly string[] }
  opened: boolean
  onClose: () => void
}

/** Whether each of the words begins a word of the texts, whatever their marks and capitals. */
const contains = (words: readonly string[], ...texts: readonly (string | undefined)[]): boolean => {
  const text = foldText(` ${texts.join(' ')}`)
  return words.every(word => text.includes(` ${word}`))
}

/** The pages that the user may open, as lines of the palette. */
const usePageCommands = (permissions: readonly string[], open: (to: string) => void) => {
  const { t } = useLocale()
  const listed = [
    ...openPages(accountPages, permissions).map(page => ({ ...page, detail: undefined })),
    ...accountTabs.map(({ path, message }) => ({
      to: path,
      name: message,
      Icon: IconUser,
      reloadDocument: false,
      detail: t('account.page.heading'),
    })),
    ...openPages(settingsPages, permissions).map(page => ({
      ...page,
      detail: t('app.navigation.settings'),
    })),
    ...openPages([explorerPage], permissions).map(page => ({ ...page, detail: undefined })),
  ]
  return listed.map(
    ({ to, name, detail, Icon, reloadDocument }): Command => ({
      id: to,
      label: t(name),
      ...(detail === undefined ? {} : { detail }),
      Icon,
      run: () => (reloadDocument ? window.location.assign(to) : open(to)),
    }),
  )
}

/** What the user can do from everywhere, as lines of the palette. */
const useActionCommands = (
  permissions: readonly string[],
  open: (to: string) => void,
  addUser: () => void,
) => {
  const { t } = useLocale()
  const signOut = useSignOut()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const schemes = (['light', 'dark', 'auto'] as const).filter(scheme => scheme !== colorScheme)
  const commands: Command[] = [
    ...(permissions.includes('users.invite')
      ? [
          {
            id: 'add-user',
            label: t('invitations.add.one'),
            Icon: IconUserPlus,
            run: addUser,
          },
          {
            id: 'import-users',
            label: t('app.palette.importUsers'),
            Icon: IconFileImport,
            run: () => open('/account/users/import'),
          },
        ]
      : []),
    {
      id: 'change-password',
      label: t('app.palette.changePassword'),
      Icon: IconKey,
      run: () => open('/account/change-password'),
    },
    ...schemes.map(scheme => ({
      id: `colors-${scheme}`,
      label: t(colorSchemes[scheme].name),
      Icon: colorSchemes[scheme].Icon,
      run: () => setColorScheme(scheme),
    })),
    {
      id: 'sign-out',
      label: t('sessions.signOut'),
      Icon: IconLogout,
      run: () => void signOut(),
    },
  ]
  return commands
}

interface PaletteContentProps {
  permissions: readonly string[]
  onClose: () => void
  /** Called with the chosen line. */
  onChoose: (command: Command) => void
  /** Opens a page. */
  open: (to: string) => void
  /** Opens the dialog that adds a user. */
  addUser: () => void
}

/** The field and the list of the palette, which begin empty each time it opens. */
const PaletteContent = ({ permissions, onClose, onChoose, open, addUser }: PaletteContentProps) => {
  const { t } = useLocale()
  const id = useId()
  const [typed, setTyped] = useState('')
  const pages = usePageCommands(permissions, open)
  const actions = useActionCommands(permissions, open, addUser)

  const search = typed.trim()
  const [settled] = useDebouncedValue(search, 200)
  const findsPeople = permissions.includes('users.read') && search !== ''
  const found = useQuery(PalettePeople, {
    variables: { search: settled },
    skip: !findsPeople || settled === '',
  })
  const isSearching = findsPeople && (search !== settled || found.loading)
  const people = findsPeople && !isSearching ? peopleOf(found.data, open) : []
  const allUsers: Command[] =
    people.length === 0
      ? []
      : [
          {
            id: 'all-users',
            label: t('app.palette.allUsers', { search }),
            Icon: IconSearch,
            run: () => open(`/account/users?${new URLSearchParams({ q: search })}`),
          },
        ]

  const words = foldText(search).split(' ')
  const matching = (commands: readonly Command[]) =>
    commands.filter(({ label, detail }) => contains(words, label, detail))
  const groups: CommandGroup[] = [
    { label: t('app.palette.pages'), commands: matching(pages) },
    { label: t('app.palette.actions'), commands: matching(actions) },
    // People come last, because they are found later: nothing moves while the user chooses.
    { label: t('app.palette.people'), commands: [...people, ...allUsers] },
  ].filter(({ commands }) => commands.length > 0)
  const commands = groups.flatMap(group => group.commands)

  const [active, setActive] = useState<string | null>(null)
  const follow = (element: string | null) => {
    setActive(element)
    return element
  }
  const combobox = useCombobox({ opened: true, onDropdownClose: onClose })
  const store = {
    ...combobox,
    selectNextOption: () => follow(combobox.selectNextOption()),
    selectPreviousOption: () => follow(combobox.selectPreviousOption()),
  }
  const idOf = (command: Command) => `${id}${command.id}`
  const shown = commands.map(idOf).join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: only other lines change the choice.
  useEffect(() => {
    const index = commands.findIndex(command => idOf(command) === active)
    // What the user has chosen stays chosen.
    if (index > 0) combobox.updateSelectedOptionIndex(index)
    else setActive(combobox.selectFirstOption())
  }, [shown])

  const note =
    findsPeople && !isSearching && found.error !== undefined
      ? describeFailure(t, found.error)
      : isSearching
        ? t('app.palette.searching')
        : commands.length === 0
          ? t('app.palette.none')
          : null

  return (
    <Combobox
      store={store}
      resetSelectionOnOptionHover={false}
      onOptionSubmit={element => {
        const command = commands.find(one => idOf(one) === element)
        if (command !== undefined) onChoose(command)
      }}
    >
      <Combobox.EventsTarget
        withExpandedAttribute
        aria-expanded={commands.length > 0}
        aria-activedescendant={active ?? undefined}
      >
        <TextInput
          className={classes.search ?? ''}
          size="md"
          aria-label={t('app.palette.title')}
          placeholder={t('app.palette.button')}
          leftSection={<IconSearch size={18} aria-hidden />}
          maxLength={200}
          spellCheck={false}
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
          data-autofocus
        />
      </Combobox.EventsTarget>
      {commands.length > 0 && (
        <Combobox.Options className={classes.options ?? ''} aria-label={t('app.palette.title')}>
          {groups.map(group => (
            <Combobox.Group key={group.label} label={group.label}>
              {group.commands.map(command => (
                <Combobox.Option
                  key={command.id}
                  id={idOf(command)}
                  value={idOf(command)}
                  className={classes.option ?? ''}
                  aria-selected={active === idOf(command)}
                >
                  <command.Icon size={18} aria-hidden />
                  <span className={classes.text}>
                    <bdi>{command.label}</bdi>
                    {command.detail !== undefined && (
                      <span className={classes.detail}>
                        <bdi>{command.detail}</bdi>
                      </span>
                    )}
                  </span>
                  {command.badge}
                </Combobox.Option>
              ))}
            </Combobox.Group>
          ))}
        </Combobox.Options>
      )}
      <div role="status">
        {note !== null ? (
          <Text size="sm" c="dimmed" className={classes.note ?? ''}>
            {note}
          </Text>
        ) : (
          <VisuallyHidden>{t('app.palette.count', { count: commands.length })}</VisuallyHidden>
        )}
      </div>
    </Combobox>
  )
}

/**
 * A dialog that finds people, pages and actions. The focus stays in its field (WAI-ARIA APG,
 * Combobox), and it offers only what the user may do.
 */
export const CommandPalette = ({ viewer, opened, onClose }: CommandPaletteProps) => {
  const { t } = useLocale()
  const navigate = useNavigate()
  const [adding, setAdding] = useState({ count: 0, opened: false })
  /** The element that had the focus when the palette opened. */
  const opener = useRef<HTMLElement>(null)
  useDialogTitle(opened ? t('app.palette.title') : null)
  useEffect(() => {
    if (opened) opener.current = document.activeElement as HTMLElement | null
  }, [opened])
  const close = () => {
    onClose()
    // Mantine does not return the focus from a dialog that was open from the beginning, and the next
    // dialog must not find the focus in this one.
    opener.current?.focus({ preventScroll: true })
  }
  const open = (to: string) => {
    const main = document.getElementById('content')
    // A field of the page keeps the focus if the user then stays. On the next page it is gone, and
    // the heading takes the focus.
    if (!main?.contains(document.activeElement)) main?.focus({ preventScroll: true })
    void navigate(to)
  }
  return (
    <>
      <Modal.Root
        opened={opened}
        onClose={close}
        returnFocus={false}
        size={600}
        transitionProps={{ duration: 100, transition: 'fade' }}
      >
        <Modal.Overlay />
        <Modal.Content aria-label={t('app.palette.title')}>
          <PaletteContent
            permissions={viewer.permissions}
            onClose={close}
            onChoose={command => {
              close()
              command.run()
            }}
            open={open}
            addUser={() => setAdding(({ count }) => ({ count: count + 1, opened: true }))}
          />
        </Modal.Content>
      </Modal.Root>
      {adding.count > 0 && (
        <Suspense>
          <AddUserDialog
            key={adding.count}
            opened={adding.opened}
            onClose={() => setAdding(({ count }) => ({ count, opened: false }))}
          />
        </Suspense>
      )}
    </>
  )
}

/** The found users, as lines of the palette. */
const peopleOf = (data: PalettePeopleQuery | undefined, open: (to: string) => void): Command[] =>
  data?.users.nodes.map(({ id, name, login, status }) => ({
    id,
    label: name,
    detail: login,
    badge: <StatusBadge status={status} />,
    Icon: IconUser,
    run: () => open(`/account/users/${encodeURIComponent(id)}`),
  })) ?? []
