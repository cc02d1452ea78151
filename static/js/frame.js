// What every signed-in page does: menu sheet, confirm dialog, passwords, a word when the network fails.
import { startMenu } from "./menu.js";
import { startConfirm } from "./confirm.js";
import { startPassword } from "./password.js";
import { startTrouble } from "./trouble.js";

startMenu();
startConfirm();
startPassword();
startTrouble();
