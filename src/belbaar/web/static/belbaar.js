// What a page does beyond HTML: it puts the reader at what is wrong, and says before a session ends.
// Nothing depends on it.
const wrong = document.querySelector("[data-focus]");
if (wrong) wrong.focus();

const session = document.getElementById("session");
if (session) {
  const warn = () => {
    session.textContent = session.dataset.words;
    session.className = "notice warn no-print";
    document.querySelector("main").prepend(session);
  };
  setTimeout(warn, (Number(session.dataset.seconds) - 120) * 1000);
}
