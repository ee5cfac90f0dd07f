@NullMarked
package dev.hearth.inference.chat;

import org.jspecify.annotations.NullMarked;
