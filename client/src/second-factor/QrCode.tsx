import { generate } from 'lean-qr'
import { toSvgPath } from 'lean-qr/extras/svg'
import { useMemo } from 'react'

interface Props {
  text: string
  /** What it is, for those who can't see it. */
  label: string
}

/** The quiet zone round a code, in modules (ISO/IEC 18004, 6.3.8). */
const quiet = 4

/** A text as a QR code, drawn here: nobody else gets to see what it holds. */
export const QrCode = ({ text, label }: Props) => {
  const { size, path } = useMemo(() => {
    const code = generate(text)
    return { size: code.size + 2 * quiet, path: toSvgPath(code) }
  }, [text])
  return (
    // Dark on light in both colour schemes: not every scanner reads the reverse.
    <svg
      role="img"
      aria-label={label}
      viewBox={`${-quiet} ${-quiet} ${size} ${size}`}
      width={200}
      height={200}
      shapeRendering="crispEdges"
    >
      <rect x={-quiet} y={-quiet} width={size} height={size} fill="#fff" rx={2} />
      <path d={path} fill="#000" />
    </svg>
  )
}
