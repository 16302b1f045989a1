// Streamlit changes the colours of the page and runs nothing: a transition tells when they have changed.
export default ({parentElement, setTriggerValue}) => {
  const probe = parentElement.querySelector('i')
  probe.ontransitionend = () => setTriggerValue('changed', getComputedStyle(probe).color)
}
