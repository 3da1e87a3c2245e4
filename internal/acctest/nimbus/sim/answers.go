package sim

import (
	"net/http"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// fail answers with the document's Error.
func fail(w http.ResponseWriter, status int, message string) {
	simkit.JSON(w, status, map[string]string{"error": message})
}
