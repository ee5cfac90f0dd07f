@NullMarked
package dev.hearth.inference.tornado;

import org.jspecify.annotations.NullMarked;
