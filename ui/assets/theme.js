// Streamlit changes the colours of the page and runs nothing: a transition tells when they have changed.
// Only an appearance other than the one drawn asks for a run.
export default ({parentElement, data, setTriggerValue}) => {
  const probe = parentElement.querySelector('i')
  probe.ontransitionend = () => {
    const [red, green, blue] = getComputedStyle(probe).color.match(/\d+/g).map(Number)
    const seen = red + green + blue < 384 ? 'dark' : 'light'
    if (seen !== data.drawn) setTriggerValue('changed', seen)
  }
}
