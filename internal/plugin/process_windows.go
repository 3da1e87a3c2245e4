package plugin

import (
	"os"
	"syscall"
)

// ignoreTermination does nothing: Windows has no signal that reaches the provider and that a process can outlive.
func ignoreTermination() {}

// endWithParent ends the process when the CLI that started it was killed, which nothing else signals. A parent that
// ends normally stops the process over the protocol. It blocks. The number of the parent stays the same after its end,
// so a handle is waited for.
func endWithParent(number int) {
	parent, err := syscall.OpenProcess(syscall.SYNCHRONIZE, false, uint32(number))
	if err != nil {
		return // It may not be opened, or has just ended: the protocol still stops the process.
	}
	if event, err := syscall.WaitForSingleObject(parent, syscall.INFINITE); err == nil && event == syscall.WAIT_OBJECT_0 {
		os.Exit(1)
	}
}
