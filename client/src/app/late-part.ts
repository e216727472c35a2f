import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'

/** A part of a page that is loaded behind it. */
export interface LatePart<Module> {
  /** The part, once it has come. */
  readonly module: Module | undefined
  /** Loads it, once for all who ask. */
  readonly load: () => Promise<Module>
}

/** Names a part by how it is imported. One that failed to load is asked for again. */
export const latePart = <Module>(importPart: () => Promise<Module>): LatePart<Module> => {
  let module: Module | undefined
  let coming: Promise<Module> | undefined
  return {
    get module() {
      return module
    },
    load: () => {
      coming ??= importPart().then(
        arrived => {
          module = arrived
          return arrived
        },
        failure => {
          coming = undefined
          throw failure
        },
      )
      return coming
    },
  }
}

const nothing = () => undefined

/** Does something when the page has nothing else to do, or at once; the answer calls it off. */
const whenIdle = (work: () => void, atOnce: boolean): (() => void) => {
  if (atOnce) {
    work()
    return nothing
  }
  // Not in every Safari.
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(work, 200)
    return () => clearTimeout(timer)
  }
  const request = requestIdleCallback(work, { timeout: 1000 })
  return () => cancelIdleCallback(request)
}

/**
 * Loads a part when the page is idle.
 *
 * @param wanted that it can't wait: a failure to load it breaks the page then.
 * @param onArrival is called just before the page is rendered with it.
 */
export const useLatePart = <Module>(
  part: LatePart<Module>,
  wanted = false,
  onArrival?: () => void,
): Module | undefined => {
  const [module, setModule] = useState(part.module)
  const arrive = useRef(onArrival)
  arrive.current = onArrival
  const arrived = module !== undefined
  useEffect(() => {
    if (arrived) return
    let here = true
    const load = () =>
      void part.load().then(
        loaded => {
          if (!here) return
          arrive.current?.()
          setModule(() => loaded)
        },
        failure => {
          if (!here || !wanted) return
          setModule(() => {
            throw failure
          })
        },
      )
    const callOff = whenIdle(load, wanted)
    return () => {
      here = false
      callOff()
    }
  }, [part, wanted, arrived])
  return module
}

/** What a control that is loaded behind its page needs from the page, and its stand-in too. */
export interface LateControl<Control extends HTMLElement, Module> {
  readonly module: Module | undefined
  /** Belongs to the stand-in first, and to the control when it has come. */
  readonly control: RefObject<Control | null>
  /** Opens the control as soon as it has come. */
  readonly open: () => void
}

/**
 * A control that opens something, loaded behind its page. Whoever reaches for its
 * stand-in keeps the focus, and finds the control opened if they clicked.
 */
export const useLateControl = <Control extends HTMLElement, Module>(
  part: LatePart<Module>,
): LateControl<Control, Module> => {
  const control = useRef<Control>(null)
  const focused = useRef(false)
  const [wanted, setWanted] = useState(false)
  const module = useLatePart(part, wanted, () => {
    focused.current = document.activeElement === control.current
  })
  const arrived = module !== undefined
  useLayoutEffect(() => {
    if (!arrived) return
    if (focused.current) control.current?.focus()
    focused.current = false
    if (wanted) control.current?.click()
    setWanted(false)
  }, [arrived, wanted])
  return { module, control, open: () => setWanted(true) }
}
