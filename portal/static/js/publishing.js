/* The button names the edition that the chosen kind makes. Without this it names the one the draft states. */
"use strict";
for (const button of document.querySelectorAll("button[data-major]")) {
  for (const choice of button.form.querySelectorAll("input[name=kind]")) {
    const name = () => {
      if (choice.checked) button.textContent = button.dataset[choice.value];
    };
    choice.addEventListener("change", name);
    name();
  }
}
