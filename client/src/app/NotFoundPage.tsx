import { useLocale } from '../messages/use-locale'
import { NotFound } from '../ui/NotFound'

/** The page for an unknown address. */
export const NotFoundPage = () => {
  const { t } = useLocale()
  return (
    <NotFound
      title={t('app.notFound.title')}
      instead={{ to: '/', name: t('app.notFound.toStart') }}
    >
      {t('app.notFound.text')}
    </NotFound>
  )
}
